namespace ServerlessCA.Lambda.Tests.Support;

/// <summary>Variables with one more or another.</summary>
internal static class Variables
{
    public static Dictionary<string, string> With(this Dictionary<string, string> variables, string name, string value) =>
        new(variables, StringComparer.Ordinal) { [name] = value };
}

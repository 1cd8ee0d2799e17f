namespace ServerlessCA.Local.Tests.Delivery;

/// <summary>An environment variable of one test, of a name that no other has.</summary>
internal sealed class Variable : IDisposable
{
    public Variable(string value)
    {
        Name = $"SERVERLESS_CA_TEST_{Guid.NewGuid():N}";
        Environment.SetEnvironmentVariable(Name, value);
    }

    public string Name { get; }

    public void Dispose() => Environment.SetEnvironmentVariable(Name, null);
}

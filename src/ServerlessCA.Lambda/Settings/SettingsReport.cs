using ServerlessCA.Core.Settings;

namespace ServerlessCA.Lambda.Settings;

/// <summary>Looks at the settings without calling anybody: for whoever deploys.</summary>
internal static class SettingsReport
{
    /// <returns>0 when the function would start, 1 when not.</returns>
    public static int Write(IReadOnlyDictionary<string, string> variables, TextWriter output, TextWriter errors)
    {
        try
        {
            EnvironmentReader.Read(variables);
            output.WriteLine("OK");
            return 0;
        }
        catch (InvalidSettingsException problem)
        {
            foreach (string line in problem.Message.Split("; "))
            {
                errors.WriteLine(line);
            }

            return 1;
        }
    }
}

using System.Globalization;
using System.Text.Json;
using ServerlessCA.Cli.Output;
using ServerlessCA.Local.Backups;

namespace ServerlessCA.Cli.Commands;

/// <summary>What <c>backup</c> and <c>restore</c> tell alike.</summary>
internal static class BackupReport
{
    /// <summary>Does it, and says what failed if it does.</summary>
    /// <exception cref="CommandFault">The backup cannot be used.</exception>
    public static async Task<T> TellAsync<T>(string what, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (BackupUnusableException fault)
        {
            throw CommandFault.Fault($"{what}: {fault.Message}", null, fault);
        }
    }

    /// <summary>Rows for people.</summary>
    public static void AddFacts(TextTable table, BackupFacts facts)
    {
        table.Add("As of", facts.CreatedText);
        table.Add("Certificates", facts.Certificates.ToString(CultureInfo.InvariantCulture));
        foreach (BackupAuthority authority in facts.Authorities)
        {
            table.Add(authority.Name, string.Create(CultureInfo.InvariantCulture, $"CRL number {authority.CrlNumber}"));
        }
    }

    /// <summary>Members for programs.</summary>
    public static void WriteFacts(Utf8JsonWriter writer, BackupFacts facts)
    {
        writer.WriteString("Created", facts.CreatedText);
        writer.WriteNumber("Certificates", facts.Certificates);
        writer.WriteStartArray("Authorities");
        foreach (BackupAuthority authority in facts.Authorities)
        {
            writer.WriteStartObject();
            writer.WriteString("CA", authority.Name);
            writer.WriteNumber("CrlNumber", authority.CrlNumber);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}

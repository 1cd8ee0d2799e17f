using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace ServerlessCA.Cli.Tests.Support;

/// <summary>Returns what a person copies out of a mail and out of the table, by the words of the instructions.</summary>
public static class Pasting
{
    /// <summary>Returns the texts of the newest message of a certificate and of the newest row.</summary>
    public static IEnumerable<(string Name, string Value)> Pasted(this Session session) => !File.Exists(Path.Combine(session.Data, "ca.db")) ? [] :
    [
        ("B64CERT-TEXT-FROM-JSON", OfMessage(session)),
        ("CERT-TEXT-FROM-DYNAMODB-HERE", OfTable(session)),
    ];

    private static string OfMessage(Session session)
    {
        string? message = Directory.EnumerateFiles(Path.Combine(session.Data, "outbox"), "*.json").Order(StringComparer.Ordinal).Select(File.ReadAllText)
            .LastOrDefault(text => text.Contains("Certificate Issued", StringComparison.Ordinal));
        return message is null ? "" : Find(JsonDocument.Parse(message).RootElement, "Base64Certificate") ?? "";
    }

    // The console of AWS shows it like this: the attribute is base64 of the PEM, and binary, so it is base64 again (contract
    // section 2). The local ledger has the PEM itself.
    private static string OfTable(Session session)
    {
        using var ledger = new SqliteConnection($"Data Source={Path.Combine(session.Data, "ca.db")};Pooling=False");
        ledger.Open();
        using SqliteCommand command = ledger.CreateCommand();
        command.CommandText = "SELECT Certificate FROM Certificates ORDER BY Number DESC LIMIT 1";
        return command.ExecuteScalar() is string pem ? Base64(Base64(pem)) : "";
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.ASCII.GetBytes(text));

    private static string? Find(JsonElement json, string name) => json.ValueKind switch
    {
        JsonValueKind.Object => json.TryGetProperty(name, out JsonElement value) ? value.GetString()
            : json.EnumerateObject().Select(member => Find(member.Value, name)).FirstOrDefault(found => found is not null),
        JsonValueKind.String when json.GetString()!.StartsWith('{') => Find(JsonDocument.Parse(json.GetString()!).RootElement, name),
        _ => null,
    };
}

using System.Text.Json;
using ServerlessCA.Cli.Output;
using ServerlessCA.Core.Inventory;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Cli.Inspection;

/// <summary>What a certificate itself says, for people and for programs.</summary>
internal static class FactsReport
{
    /// <summary>For people: adds rows from the serial number to the fingerprints.</summary>
    public static void AddTo(TextTable table, CertificateFacts facts)
    {
        table.Add("Serial number", facts.SerialNumber.ToString())
            .Add("", facts.SerialNumberHex)
            .Add("Subject", facts.Subject)
            .Add("Issuer", facts.Issuer)
            .Add("Valid from", $"{TableTime.Text(facts.NotBefore)} UTC")
            .Add("Valid to", $"{TableTime.Text(facts.NotAfter)} UTC")
            .Add("Key", KeyText(facts.Key));
        foreach (ExtensionFacts extension in facts.Extensions)
        {
            string label = extension.Name;
            foreach (string value in extension.Values)
            {
                table.Add(label, extension.Critical && label.Length > 0 ? $"{value} (critical)" : value);
                label = "";
            }
        }

        table.Add("SHA-256", facts.Sha256).Add("SHA-1", facts.Sha1);
    }

    /// <summary>For programs: as members of an object.</summary>
    public static void WriteMembers(Utf8JsonWriter writer, CertificateFacts facts)
    {
        writer.WriteString("SerialNumberHex", facts.SerialNumberHex);
        writer.WriteString("Subject", facts.Subject);
        writer.WriteString("Issuer", facts.Issuer);
        writer.WriteString("Key", KeyText(facts.Key));
        writer.WriteStartArray("Extensions");
        foreach (ExtensionFacts extension in facts.Extensions)
        {
            writer.WriteStartObject();
            writer.WriteString("Name", extension.Name);
            writer.WriteString("Oid", extension.Oid);
            writer.WriteBoolean("Critical", extension.Critical);
            JsonText.WriteTexts(writer, "Values", extension.Values);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteString("Sha256", facts.Sha256);
        writer.WriteString("Sha1", facts.Sha1);
    }

    /// <summary>A key in words.</summary>
    public static string KeyText(PublicKey? key) => key is null ? "of a kind that this version does not accept" : KeyKind.TextOf(key);
}

using System.Text.Json;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Cli.Agent;

/// <summary>Writes what an agent does, a line an event: for people to standard error, for programs as JSON to standard
/// output. It never writes a key or a token.</summary>
internal sealed class AgentJournal(Surroundings here, bool json)
{
    /// <summary>Writes that new files are in place.</summary>
    public void Renewed(Certificate certificate, DateTimeOffset due)
    {
        Write("renewed", $"certificate {certificate.SerialNumber} until {TableTime.Text(certificate.NotAfter)} UTC, renewal {TableTime.Text(due)} UTC");
    }

    /// <summary>Writes that the files found at the start are still good.</summary>
    public void Holds(Certificate certificate, DateTimeOffset due) =>
        Write("holds", $"certificate {certificate.SerialNumber} until {TableTime.Text(certificate.NotAfter)} UTC, renewal {TableTime.Text(due)} UTC");

    /// <summary>Writes that an attempt failed, and when the next one follows.</summary>
    public void Failed(Attempt.Failed failed, TimeSpan wait)
    {
        string hint = failed.Hint is null ? "" : $" ({failed.Hint})";
        Write("failed", $"{failed.Message}{hint}; next attempt in {Math.Max(0, Math.Ceiling(wait.TotalSeconds)):0} s");
    }

    /// <summary>Writes a warning, such as that the CA left something out.</summary>
    public void Warning(string text) => Write("warning", text);

    /// <summary>Writes that the application was notified of new files.</summary>
    public void Announced() => Write("announced", "the application was told of the new files");

    /// <summary>Writes that the application could not be notified.</summary>
    public void NotAnnounced(string why) => Write("not-announced", $"{why}; tried again in a while");

    /// <summary>Writes any other event.</summary>
    public void Write(string what, string text)
    {
        string time = Rfc3339.Text(here.Clock.GetUtcNow());
        if (json)
        {
            WriteLine($"{{\"Time\":\"{time}\",\"Event\":\"{what}\",\"Message\":{Quoted(text)}}}\n");
        }
        else
        {
            here.Terminal.Notice($"{time} {what}: {text}");
        }
    }

    // Renewals go on even if the journal cannot be written.
    private void WriteLine(string line)
    {
        try
        {
            here.Terminal.Write(line);
        }
        catch (CommandFault fault)
        {
            here.Terminal.Warning(fault.Message);
        }
    }

    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
}

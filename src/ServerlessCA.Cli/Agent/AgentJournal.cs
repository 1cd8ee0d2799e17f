using System.Text.Json;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Cli.Agent;

/// <summary>What an agent tells of its work, a line an event: for people to standard error, for programs as JSON to
/// standard output. Never a key or a token.</summary>
internal sealed class AgentJournal(Surroundings here, bool json)
{
    /// <summary>New files are in place.</summary>
    public void Renewed(Certificate certificate, DateTimeOffset due)
    {
        Write("renewed", $"certificate {certificate.SerialNumber} until {TableTime.Text(certificate.NotAfter)} UTC, renewal {TableTime.Text(due)} UTC");
    }

    /// <summary>The files that are there do.</summary>
    public void Holds(Certificate certificate, DateTimeOffset due) =>
        Write("holds", $"certificate {certificate.SerialNumber} until {TableTime.Text(certificate.NotAfter)} UTC, renewal {TableTime.Text(due)} UTC");

    /// <summary>An attempt failed.</summary>
    public void Failed(Attempt.Failed failed, TimeSpan wait)
    {
        string hint = failed.Hint is null ? "" : $" ({failed.Hint})";
        Write("failed", $"{failed.Message}{hint}; next attempt in {Math.Max(0, Math.Ceiling(wait.TotalSeconds)):0} s");
    }

    /// <summary>The CA left something out.</summary>
    public void Warning(string text) => Write("warning", text);

    /// <summary>The application was told.</summary>
    public void Announced() => Write("announced", "the application was told of the new files");

    /// <summary>The application could not be told.</summary>
    public void NotAnnounced(string why) => Write("not-announced", $"{why}; tried again in a while");

    /// <summary>Anything else.</summary>
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

    // A journal that cannot be written stops no renewal.
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

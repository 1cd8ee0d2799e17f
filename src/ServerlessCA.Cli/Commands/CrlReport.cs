using System.Globalization;
using ServerlessCA.Cli.Output;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Cli.Commands;

/// <summary>What <c>crl</c> did, for people and for programs.</summary>
internal sealed class CrlReport
{
    private readonly List<(string CaName, string Status, string Text)> done = [];
    private readonly List<(string CaName, CrlOutcome Outcome)> published = [];

    private bool ChangedAny => done.Exists(one => one.Status != "Unchanged");

    /// <summary>An old CRL is taken over.</summary>
    /// <returns>Whether there is something to publish; so do the others.</returns>
    public bool Restored(string caName, RestoredCrl restored) => restored.Status == RestoreStatus.InPlaceIsNewer
        ? Did(caName, "Unchanged", string.Create(CultureInfo.InvariantCulture, $"has a newer CRL with all that CRL {restored.Number} has"))
        : Did(caName, "Restored", string.Create(
            CultureInfo.InvariantCulture, $"takes over CRL {restored.Number} with {Counted.Entries(restored.EntryCount)}"));

    /// <summary>What was lost is accepted.</summary>
    public bool Accepted(string caName, bool wasLost) => wasLost
        ? Did(caName, "Accepted", "does without what was lost")
        : Did(caName, "Unchanged", "no CRL was lost, or that is accepted already");

    /// <summary>A CRL was set aside.</summary>
    public bool SetAside(string caName, SetAsideCrl? aside) => aside is null
        ? Did(caName, "Unchanged", "its CRL is not dated ahead of the clock")
        : Did(caName, "SetAside", string.Create(
            CultureInfo.InvariantCulture, $"takes over CRL {aside.Number} of {TableTime.Text(aside.ThisUpdate)} with {Counted.Entries(aside.EntryCount)}; it is kept as {aside.Key}"));

    /// <summary>What followed at once.</summary>
    public void Published(string caName, CrlOutcome outcome) => published.Add((caName, outcome));

    /// <summary>A table or an object; then what is to be mended.</summary>
    /// <param name="terminal">Where to.</param>
    /// <param name="aws">The CA's location, where the next run publishes; null of a local CA.</param>
    /// <param name="json">For programs.</param>
    /// <returns>The exit code.</returns>
    public int Tell(Terminal terminal, string? aws, bool json)
    {
        if (json)
        {
            terminal.Write(Json());
        }
        else
        {
            terminal.WriteTable(Table());
        }

        foreach (string problem in published.SelectMany(one => one.Outcome.Problems))
        {
            terminal.Warning(problem);
        }

        if (aws is not null && ChangedAny)
        {
            terminal.Hint($"the next run publishes it: serverless-ca run --ca {aws}");
        }

        CrlOutcome? failed = published.Select(one => one.Outcome).FirstOrDefault(outcome => outcome.Failed);
        if (failed is not null)
        {
            terminal.Error(failed.Message, null);
        }

        return failed is null ? ExitCode.Done : ExitCode.Fault;
    }

    private bool Did(string caName, string status, string text)
    {
        done.Add((caName, status, text));
        return status != "Unchanged";
    }

    private TextTable Table()
    {
        var table = new TextTable(columns: 2);
        foreach ((string caName, _, string text) in done)
        {
            table.Add(caName, text);
            foreach ((_, CrlOutcome outcome) in published.Where(one => one.CaName == caName))
            {
                table.Add("", outcome.Message);
            }
        }

        return table;
    }

    private string Json() => JsonText.Object(writer =>
    {
        writer.WriteStartArray("Crls");
        foreach ((string caName, string status, string text) in done)
        {
            writer.WriteStartObject();
            writer.WriteString("CA", caName);
            writer.WriteString("Status", status);
            writer.WriteString("Message", text);
            if (published.Find(one => one.CaName == caName).Outcome is { } outcome)
            {
                writer.WriteNumber("CrlNumber", outcome.Number ?? 0);
                writer.WriteNumber("Entries", outcome.EntryCount);
                writer.WriteBoolean("Failed", outcome.Failed);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });
}

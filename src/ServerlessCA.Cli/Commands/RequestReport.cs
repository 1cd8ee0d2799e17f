using System.Globalization;
using System.Text.Json.Nodes;
using ServerlessCA.Cli.Authorities;
using ServerlessCA.Cli.Output;
using ServerlessCA.Cli.Requesting;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Cli.Commands;

/// <summary>What <c>request</c> tells when it is done. Immutable.</summary>
/// <param name="Given">The answer as it came.</param>
/// <param name="Answer">The same, read and checked.</param>
/// <param name="Written">The files.</param>
/// <param name="Added">The common name that was added to the names of the request; null: none was.</param>
internal sealed record RequestReport(AuthorityAnswer.Given Given, Answer Answer, IReadOnlyList<WrittenFile> Written, string? Added)
{
    /// <summary>What says that a name was added.</summary>
    public const string AddedLabel = "Name added";

    /// <summary>Why it is there, and how it is not.</summary>
    public static string Reason(string added) => $"{added} (the common name; {CommonNameSan.Without} leaves it out)";

    /// <summary>Writes it.</summary>
    public void Tell(Surroundings here, bool json)
    {
        if (json)
        {
            here.Terminal.Write(Answer.Indented(Given.Json, AddTo));
        }
        else
        {
            here.Terminal.WriteTable(Facts(here.Clock.GetUtcNow()));
        }
    }

    private void AddTo(JsonObject answered)
    {
        answered["Files"] = WrittenFile.ToJson(Written);
        if (Added is not null)
        {
            answered["AddedName"] = Added;
        }
    }

    private TextTable Facts(DateTimeOffset now)
    {
        DateTimeOffset expires = Answer.Certificate.NotAfter;
        double days = Math.Round((expires - now).TotalDays);
        TextTable facts = new TextTable(columns: 2)
            .Add(Given.Repeated ? "Issued before" : "Issued", Answer.Subject)
            .Add("Serial number", Answer.Certificate.SerialNumber.ToString())
            .Add("Expires", string.Create(CultureInfo.InvariantCulture, $"{TableTime.Text(expires)} UTC, in {days} days"));
        if (Added is not null)
        {
            facts.Add(AddedLabel, Reason(Added));
        }

        foreach (WrittenFile file in Written)
        {
            facts.Add(file.Label, file.Path);
        }

        return facts;
    }
}

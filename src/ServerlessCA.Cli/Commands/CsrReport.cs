using System.Text.Json.Nodes;
using ServerlessCA.Cli.Output;
using ServerlessCA.Cli.Requesting;

namespace ServerlessCA.Cli.Commands;

/// <summary>What <c>csr</c> tells when it is done. Immutable.</summary>
/// <param name="Written">The files.</param>
/// <param name="Entry">The entry of <c>tls.json</c>.</param>
/// <param name="List">The list that has it; null: it was only made.</param>
/// <param name="IsNew">Whether it was added now.</param>
/// <param name="Added">The common name that was added to the names; null: none was.</param>
internal sealed record CsrReport(IReadOnlyList<WrittenFile> Written, JsonObject Entry, string? List, bool IsNew, string? Added)
{
    /// <summary>Writes it.</summary>
    public void Tell(Terminal terminal, bool json)
    {
        if (json)
        {
            terminal.Write(JsonText.Of(Json()));
            return;
        }

        var facts = new TextTable(columns: 2);
        foreach (WrittenFile file in Written)
        {
            facts.Add(file.Label, file.Path);
        }

        if (List is not null)
        {
            facts.Add("Entry", IsNew ? $"added to {List}" : $"in {List} already, left as it is");
        }

        if (Added is not null)
        {
            facts.Add(RequestReport.AddedLabel, RequestReport.Reason(Added));
        }

        terminal.WriteTable(facts);
        if (List is null)
        {
            terminal.Hint($"an entry of tls.json for it: {Entry.ToJsonString()}");
        }
    }

    private JsonObject Json()
    {
        var json = new JsonObject { ["Files"] = WrittenFile.ToJson(Written), [nameof(Entry)] = Entry };
        if (List is not null)
        {
            json[nameof(List)] = Path.GetFullPath(List);
            json[nameof(IsNew)] = IsNew;
        }

        if (Added is not null)
        {
            json["AddedName"] = Added;
        }

        return json;
    }
}

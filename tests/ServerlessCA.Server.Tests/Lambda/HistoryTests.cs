using System.Net.Http.Headers;
using System.Text;
using ServerlessCA.Core.History;

namespace ServerlessCA.Server.Tests.Lambda;

/// <summary>Tests that the history names the caller by the credential that admitted it, and the server for its own work.</summary>
public sealed class HistoryTests
{
    [Fact]
    public async Task A_refusal_names_the_caller_and_the_CA_the_schedule_that_made_it()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using var body = new StringContent("""{"common_name": 1}""", Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        using HttpResponseMessage answer = await server.Http.PostAsync(
            new Uri("/2015-03-31/functions/serverless-tls-cert-dev/invocations", UriKind.Relative), body, TestContext.Current.CancellationToken);
        Assert.Contains("\"error\"", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);

        IReadOnlyList<HistoryEntry> entries = await server.Ca.Ledger.FindHistoryAsync(new HistoryQuery(100), TestContext.Current.CancellationToken);

        Assert.Equal(["serve anonymous"], entries.Where(entry => entry.Kind == HistoryKind.Refused).Select(entry => entry.By));
        Assert.Equal(4, entries.Count(entry => entry is { By: "serve schedule", Kind: HistoryKind.Issued or HistoryKind.Crl }));
    }
}

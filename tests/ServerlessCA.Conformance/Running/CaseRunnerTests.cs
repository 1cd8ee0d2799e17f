using System.Text.Json.Nodes;
using ServerlessCA.Conformance.Comparing;
using ServerlessCA.Conformance.Normalising;
using ServerlessCA.Conformance.Scenarios;
using Xunit;

namespace ServerlessCA.Conformance.Running;

public sealed class CaseRunnerTests
{
    [Fact]
    public async Task A_case_is_traced_step_by_step()
    {
        JsonObject form = await NormalFormAsync("""
            {"case": "sketch/all", "class": "plain", "setup": [{"op": "expiry"}], "steps": [
              {"op": "create_root_ca"},
              {"op": "root_crl"},
              {"op": "tls_cert", "csr": "one", "event": {"common_name": "a.example.com"}, "id": "a", "repeat": 2, "settings": {"max_cert_lifetime": 7}},
              {"op": "move_db", "common_name": "a.example.com", "serial": "${a-0.serial}", "to": "5"},
              {"op": "set_db", "common_name": "a.example.com", "serial": "${a-1.serial}",
               "attributes": {"ExpiryReminders": {"L": [{"S": "2026-01-01 00:00:00"}]}, "NotifyExpiry": null, "Expires": {"S": "2027-01-01 00:00:00"}}},
              {"op": "advance", "seconds": 86400.5},
              {"op": "expiry", "id": "x"},
              {"op": "notify", "from": "x", "index": 1},
              {"op": "set_clock", "to": "2026-01-01T00:00:00Z"},
              {"op": "tls_cert", "event": {"fail": "no"}},
              {"op": "notify", "from": "x", "index": 2},
              {"op": "set_db", "common_name": "nobody", "serial": "1", "attributes": {"NotifyExpiry": null}},
              {"op": "delete_db", "common_name": "serverless-root-ca-dev", "serial": "${root-ca.serial}"},
              {"op": "root_crl"}
            ]}
            """);

        Assert.Equal([], FormComparer.Compare(Vectors.Read("runner", "sketch.form.json")["steps"], form["steps"]).Select(difference => difference.ToString()));
    }

    [Fact]
    public async Task An_unknown_step_is_an_error_of_the_scenario() => await Assert.ThrowsAsync<ArgumentException>(
        () => NormalFormAsync("""{"case": "sketch/unknown", "setup": [], "steps": [{"op": "wait"}]}"""));

    private static async Task<JsonObject> NormalFormAsync(string scenario)
    {
        ScenarioCase parsed = ScenarioCase.Parse(JsonNode.Parse(scenario)!.AsObject(), []);
        Dictionary<string, string> csrs = new() { ["one"] = "PEM of a request\n" };
        JsonObject trace = await CaseRunner.RunAsync(parsed, csrs, world => new SketchTarget(world), TestContext.Current.CancellationToken);
        return Normaliser.Normalise(trace);
    }
}

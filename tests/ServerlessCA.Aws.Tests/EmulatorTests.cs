using ServerlessCA.Emulators;
using Xunit;

namespace ServerlessCA.Aws.Tests;

public sealed class EmulatorTests
{
    [Fact]
    public async Task An_emulator_answers_on_its_own_loopback_port()
    {
        NodeProgram.SkipUnlessInstalled();
        await using NodeProgram program = await NodeProgram.StartAsync(
            "node_modules/fauxqs/dist/server.js", new Dictionary<string, string> { ["FAUXQS_PORT"] = "{port}" });
        using var http = new HttpClient { BaseAddress = program.Address };

        using HttpResponseMessage health = await http.GetAsync(new Uri("/health", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.True(health.IsSuccessStatusCode);
    }
}

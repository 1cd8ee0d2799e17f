using System.Text.Json.Nodes;
using ServerlessCA.Conformance;
using ServerlessCA.Conformance.Comparing;
using ServerlessCA.Conformance.Differences;
using ServerlessCA.Conformance.Normalising;
using ServerlessCA.Conformance.Running;
using ServerlessCA.Conformance.Scenarios;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

// Without a command of ours this is a test project like any other.
switch (args)
{
    case ["trace", string file]:
        ScenarioFile scenarios = ScenarioFile.Parse(JsonNode.Parse(File.ReadAllText(file))!);
        JsonObject trace = await FileRunner.TraceAsync(scenarios, world => new CoreTarget(world), CancellationToken.None);
        Console.Out.WriteLine(trace.ToJsonString());
        return 0;
    case ["report"]:
        return await Report.PrintAsync(Console.Out);
    case ["normalise", string file]:
        Console.Out.WriteLine(Traces.Normalise(JsonNode.Parse(File.ReadAllText(file))!).ToJsonString(FormJson.Indented));
        return 0;
    case ["compare", string expected, string actual]:
        return Comparison.Print(File.ReadAllText(expected), File.ReadAllText(actual), Console.Out);
    case ["expected", string name]:
        return ExpectedPrinter.Print(name, Console.Out);
    case [..] when args.Contains("--server") || args.Contains("--internal-msbuild-node"):
        return await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
    default:
        return await ConsoleRunner.Run(args);
}

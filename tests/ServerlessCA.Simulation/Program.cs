using System.Globalization;
using ServerlessCA.Simulation;
using ServerlessCA.Simulation.Kills;

// eng/simulate runs schedules, which start this program again as workers; a person or `dotnet test` runs the tests.
return args switch
{
    ["simulate", .. var rest] => await Simulate.RunAsync(rest),
    ["worker", var folder, var name, var seed, var last] => await Worker.RunAsync(folder, name, int.Parse(seed, CultureInfo.InvariantCulture), int.Parse(last, CultureInfo.InvariantCulture)),
    _ => args.Any(option => option is "--server" or "--internal-msbuild-node")
        ? await Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(
            args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
        : await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args),
};

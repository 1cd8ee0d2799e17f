using System.Globalization;
using ServerlessCA.Fuzzing.Engine;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

// Without a command of ours this is a test project like any other.
switch (args)
{
    case ["list"]:
        Console.Out.WriteLine(string.Join('\n', AllTargets.Make().Select(target => target.Name)));
        return 0;
    case ["prepare", string folder]:
        Instrumented.Prepare(folder);
        return 0;
    case ["run", string name, string corpus, string output, string seconds, string seed]:
        return FuzzCommand.Run(AllTargets.Make(name), corpus, output, TimeSpan.FromSeconds(Number(seconds)), Number(seed));
    case ["count", string corpus, string executions, string seed]:
        return FuzzCommand.Count(corpus, Number(executions), Number(seed));
    case ["replay", string name, .. string[] files]:
        return FuzzCommand.Replay(AllTargets.Make(name), files);
    case ["largest", .. string[] names]:
        return FuzzCommand.WriteCosts(names);
    case ["afl", string name]:
        FuzzTarget afl = AllTargets.Make(name);
        SharpFuzz.Fuzzer.OutOfProcess.Run(stream =>
        {
            using var input = new MemoryStream();
            stream.CopyTo(input);
            afl.Run(input.ToArray());
        });
        return 0;
    case [..] when args.Contains("--server") || args.Contains("--internal-msbuild-node"):
        return await TestPlatformTestFramework.RunAsync(args, ServerlessCA.Fuzzing.SelfRegisteredExtensions.AddSelfRegisteredExtensions);
    default:
        return await ConsoleRunner.Run(args);
}

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

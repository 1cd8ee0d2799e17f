using ServerlessCA.Simulation;

// eng/simulate runs schedules; a person or `dotnet test` runs the tests.
return args is ["simulate", .. var rest]
    ? Simulate.Run(rest)
    : args.Any(option => option is "--server" or "--internal-msbuild-node")
        ? await Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(
            args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
        : await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);

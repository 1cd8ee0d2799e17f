using ServerlessCA.Local.Tests;
using ServerlessCA.Local.Tests.Processes;

// A test starts this program as another process; a person or `dotnet test` starts it to run the tests.
return args is ["--child", var work, .. var rest]
    ? await ChildWork.RunAsync(work, rest)
    : args.Any(option => option is "--server" or "--internal-msbuild-node")
        ? await Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(
            args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
        : await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);

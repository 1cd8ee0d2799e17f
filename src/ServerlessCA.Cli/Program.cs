using ServerlessCA.Cli;

return await new CommandLine(Surroundings.OfProcess()).RunAsync(args, CancellationToken.None);

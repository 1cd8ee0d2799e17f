using ServerlessCA.Cli;

ProcessMemory.Hide();
return await new CommandLine(Surroundings.OfProcess()).RunAsync(args, CancellationToken.None);

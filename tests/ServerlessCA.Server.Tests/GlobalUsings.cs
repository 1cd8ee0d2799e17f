global using ServerlessCA.Cli.Tests.Support;
global using ServerlessCA.Server.Tests.Support;

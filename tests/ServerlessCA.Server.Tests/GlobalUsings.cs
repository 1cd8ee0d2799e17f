global using ServerlessCA.Server.Tests.Support;

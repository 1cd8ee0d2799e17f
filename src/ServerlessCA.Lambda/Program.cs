using ServerlessCA.Lambda;

return await Bootstrap.RunAsync(args);

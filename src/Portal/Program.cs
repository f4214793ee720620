using Seamless.Portal.Commands;

return await SeamlessCommand.RunAsync(args);

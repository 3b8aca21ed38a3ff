using Sunsetter.Server;

return await SunsetterServer.Run(args);

using System.CommandLine;
using Sunsetter.Cli;
using static Sunsetter.Cli.Words;

var root = new RootCommand(T("Sunsetter from the command line: imports, usage figures, offline verification.", "Sunsetter 命令行：导入、使用情况、离线校验。"))
{
    ImportCommand.Build(),
    UsageCommand.Build(),
    EvidenceCommand.Build(),
};
CalledAs.Use(root, "./sunsetter");
return await root.Parse(args).InvokeAsync();

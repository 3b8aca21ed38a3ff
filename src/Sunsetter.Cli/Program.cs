using System.CommandLine;
using Sunsetter.Cli;
using static Sunsetter.Cli.Words;

var root = new RootCommand(T("Sunsetter from the command line: imports, usage figures.", "Sunsetter 命令行：导入与使用情况。"))
{
    ImportCommand.Build(),
};
return await root.Parse(args).InvokeAsync();

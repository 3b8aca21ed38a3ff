using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Sunsetter.Cli;

/// <summary>Help that names the program as it is called, by its launcher, and not after the file that the launcher starts.</summary>
internal sealed class CalledAs(string name, HelpAction help) : SynchronousCommandLineAction
{
    public static void Use(RootCommand root, string name)
    {
        foreach (var option in root.Options.OfType<HelpOption>())
            option.Action = new CalledAs(name, (HelpAction)option.Action!);
    }

    public override int Invoke(ParseResult result)
    {
        var to = result.InvocationConfiguration.Output;
        using var said = new StringWriter();
        result.InvocationConfiguration.Output = said;
        var code = help.Invoke(result);
        result.InvocationConfiguration.Output = to;
        to.Write(said.ToString().Replace(RootCommand.ExecutableName, name, StringComparison.Ordinal));
        return code;
    }
}

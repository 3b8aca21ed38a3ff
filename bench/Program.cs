using Sunsetter.Bench.Gates;
using Sunsetter.Bench.Mail;
using Sunsetter.Bench.Pages;
using Sunsetter.Bench.Usage;

// One project, one file per hot path: dotnet run -c Release --project bench -- NAME [options]
return args is [var name, .. var options] ? name switch
{
    "gates-decide" => await DecideBench.Run(),
    "gates-streams" => await StreamsBench.Run(options),
    "gates-stalled" => await StreamsBench.RunStalled(options),
    "gates-closing" => await ClosingBench.Run(options),
    "gates-change" => await ChangeBench.Run(options),
    "gates-revoke" => await RevokeBench.Run(options),
    "mail" => await MailBench.Run(options),
    "pages" => await PagesBench.Run(options),
    "usage-sets" => SetBench.Run(),
    "usage-intake" => await IntakeBench.Run(options),
    "usage-growth" => await GrowthBench.Run(),
    "usage-long-window" => await LongWindowBench.Run(options),
    "usage-import" => await ImportBench.Run(options),
    "usage-import-ours" => await ImportOurs.Run(options),
    "usage-file" => ImportFile.Make(options),
    _ => Unknown(name),
} : Unknown("");

static int Unknown(string name)
{
    Console.Error.WriteLine($"""
        There is no bench “{name}”. There are:
          gates-decide, gates-streams [connections] [rounds], gates-stalled [connections] [rounds], gates-closing [clients], gates-change [changes], gates-revoke [keys]
          mail [mails] [connections] [--postgres], pages [requests] [--postgres] [--steps | --pages-only] [PATH…]
          usage-sets, usage-intake [seconds] [sessions | spread], usage-import [customers] [lines], usage-file FILE CUSTOMERS LINES, usage-growth, usage-long-window [customers] [modules] [days]
        """);
    return 1;
}

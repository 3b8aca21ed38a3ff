using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Console;

/// <summary>The facts of the migrate stage, in sentences.</summary>
internal static class MigrateSentences
{
    public static Text? Of(Fact fact) => fact switch
    {
        _ => null,
    };
}

using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Console;

/// <summary>The facts of the decide stage, in sentences.</summary>
internal static class DecideSentences
{
    public static Text? Of(Fact fact) => fact switch
    {
        _ => null,
    };
}

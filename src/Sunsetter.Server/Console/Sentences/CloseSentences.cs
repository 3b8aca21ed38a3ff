using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Console;

/// <summary>The facts of the close stage, in sentences.</summary>
internal static class CloseSentences
{
    public static Text? Of(Fact fact) => fact switch
    {
        _ => null,
    };
}

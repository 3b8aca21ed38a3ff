using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Sunsetter.Gates;

namespace Sunsetter.Client.AspNetCore;

/// <summary>Judges calls: asks the gate for the caller, counts the use or the refusal, and writes the headers that announce a closing.</summary>
/// <param name="client">The client.</param>
/// <param name="options">How callers are found.</param>
public sealed class Gatekeeper(SunsetterClient client, IOptions<SunsetterHttpOptions> options)
{
    /// <summary>Whether a request may use a module; counts it and writes the announcing headers.</summary>
    /// <param name="context">The request.</param>
    /// <param name="module">The module's key.</param>
    public GateDecision Judge(HttpContext context, string module)
    {
        var decision = Use(context, module);
        DeprecationHeaders.Write(context.Response, DeprecationHeaders.Of(decision));
        return decision;
    }

    /// <summary>Whether a call on a connection may use a module; counts it. Writes no headers: they have been sent.</summary>
    /// <param name="context">The request that opened the connection; null: nobody in particular.</param>
    /// <param name="module">The module's key.</param>
    public GateDecision Use(HttpContext? context, string module)
    {
        var caller = CallerOf(context);
        return client.Use(module, caller.Customer, caller.User);
    }

    /// <summary>The same with the words for the caller; writes nothing.</summary>
    /// <param name="context">The request; null: nobody in particular.</param>
    /// <param name="module">The module's key.</param>
    public Examination Examine(HttpContext? context, string module)
    {
        var decision = Use(context, module);
        KeyValuePair<string, string>[] headers = [.. DeprecationHeaders.Of(decision)];
        if (decision.IsOpen) return new Examination(module, decision, "", "", headers);
        var language = context is null ? Words.English : Words.LanguageOf(context.Request);
        return new Examination(module, decision, GoneProblem.CodeOf(decision), Words.Message(decision, module, language), headers);
    }

    /// <summary>Writes the headers that announce a closing to an answer that has not begun.</summary>
    /// <param name="context">The request.</param>
    /// <param name="seen">What <see cref="Examine"/> gave.</param>
    public static void Announce(HttpContext context, Examination seen)
    {
        if (!context.Response.HasStarted) DeprecationHeaders.Write(context.Response, seen.Headers);
    }

    /// <summary>Whether a request may use a module, counting nothing.</summary>
    /// <param name="context">The request; null: nobody in particular.</param>
    /// <param name="module">The module's key.</param>
    public GateDecision Ask(HttpContext? context, string module)
    {
        var caller = CallerOf(context);
        return client.Ask(module, caller.Customer, caller.User);
    }

    /// <summary>The <c>410 Gone</c> for a request that <see cref="Judge"/> or <see cref="Ask"/> turned away, for MVC.</summary>
    /// <param name="context">The request.</param>
    /// <param name="module">The module's key.</param>
    /// <param name="decision">What turned it away.</param>
    public static IActionResult Refuse(HttpContext context, string module, GateDecision decision)
    {
        var language = Words.LanguageOf(context.Request);
        GoneProblem.WriteHeaders(context.Response, decision, language);
        return new ObjectResult(GoneProblem.Of(decision, module, language))
        {
            StatusCode = StatusCodes.Status410Gone,
            ContentTypes = { "application/problem+json" },
        };
    }

    internal Caller CallerOf(HttpContext? context) => context is null ? default : options.Value.Caller(context);
}

using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.FeatureManagement.Mvc;
using Sunsetter.Client.AspNetCore;

namespace Sunsetter.Client.FeatureManagement;

/// <summary>Tells callers of a gated action why it does not work, where the reason is a module's gate; otherwise 404 as before.</summary>
internal sealed class GoneHandler(Gatekeeper gatekeeper) : IDisabledFeaturesHandler
{
    public Task HandleDisabledFeatures(IEnumerable<string> features, ActionExecutingContext context)
    {
        context.Result = new NotFoundResult();
        foreach (var feature in features)
        {
            var decision = gatekeeper.Ask(context.HttpContext, feature);
            // A feature that is no module is none of ours, whatever the default for unknown modules is.
            if (!decision.IsOpen && !decision.IsDefault) context.Result = Gatekeeper.Refuse(context.HttpContext, feature, decision);
        }
        return Task.CompletedTask;
    }
}

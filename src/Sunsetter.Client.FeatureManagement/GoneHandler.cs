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
        var closed = features.FirstOrDefault(feature => !gatekeeper.Ask(context.HttpContext, feature).IsOpen);
        context.Result = closed is null ? new NotFoundResult() : gatekeeper.Refuse(context.HttpContext, closed);
        return Task.CompletedTask;
    }
}

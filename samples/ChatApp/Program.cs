using ChatApp;
using Microsoft.AspNetCore.Authentication.Cookies;
using Sunsetter.Client;
using Sunsetter.Client.AspNetCore;

var builder = WebApplication.CreateBuilder(args);
if (builder.Configuration["urls"] is null) builder.WebHost.UseUrls("http://localhost:5190");
var settings = ChatSettings.Read(builder.Configuration);

// These two lines are all that the server side needs…
builder.Services.AddSunsetter(o => { o.Server = settings.Server; o.Key = settings.ServerKey; o.StateDirectory = settings.StateDirectory; o.UsageInterval = settings.UsageInterval; });
builder.Services.AddSunsetterHttp();

builder.Services.AddSingleton(settings);
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddSingleton<Conversations>();
builder.Services.AddAuthorization();
builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(cookie =>
{
    cookie.Cookie.Name = "chatapp";
    cookie.Events.OnRedirectToLogin = context => { context.Response.StatusCode = StatusCodes.Status401Unauthorized; return Task.CompletedTask; };
});

var app = builder.Build();
app.UseDefaultFiles();
app.UseStaticFiles();
app.UseAuthentication();
app.UseAuthorization();
app.MapSignIn();

// …and one word per group of endpoints says which module they belong to.
app.MapConversation("/api/rooms", "rooms-legacy").RequireModule("rooms-legacy");
app.MapConversation("/api/spaces", "spaces").RequireModule("spaces");
app.Run();

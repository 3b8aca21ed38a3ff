namespace Sunsetter.Server.Demo;

/// <summary>The demo workspace: an invented messaging vendor, so that every screen has something to say.</summary>
internal static class DemoRoom
{
    public static void Add(IServiceCollection services) => services.AddSingleton<IPreparation, DemoWorkspace>();
}

namespace Sunsetter.Journeys.Retiring;

internal sealed partial class Story
{
    public Task MigrateAsync() => Task.CompletedTask;

    public Task CloseAsync() => Task.CompletedTask;

    public Task ObserveAsync() => Task.CompletedTask;

    public Task ProveAsync() => Task.CompletedTask;
}

using System.Runtime.ExceptionServices;

namespace Sunsetter.Server.Platform;

/// <summary>One thing after the other, none held up by another's failure. What failed is thrown when all had their turn.</summary>
internal sealed class Attempts
{
    private readonly List<Exception> failures = [];

    public static async Task Each<T>(IEnumerable<T> all, Func<T, Task> work)
    {
        var attempts = new Attempts();
        foreach (var one in all)
            await attempts.Try(() => work(one));
        attempts.End();
    }

    /// <returns>False where it failed.</returns>
    public async Task<bool> Try(Func<Task> work)
    {
        try
        {
            await work();
            return true;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            failures.Add(failure);
            return false;
        }
    }

    public void End()
    {
        if (failures.Count == 1)
            ExceptionDispatchInfo.Throw(failures[0]);
        if (failures.Count > 1)
            throw new AggregateException(failures);
    }
}

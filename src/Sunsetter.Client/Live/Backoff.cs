namespace Sunsetter.Client.Live;

/// <summary>How long to wait after the n-th failure: by chance between nothing and a bound that doubles from half a second to half a minute.</summary>
/// <remarks>The chance keeps ten thousand clients from coming back in the same instant after a restart.</remarks>
internal sealed class Backoff(Func<double> chance)
{
    private const double FirstSeconds = 0.5, LongestSeconds = 30;
    private int _failures;

    public TimeSpan Next()
    {
        var bound = Math.Min(FirstSeconds * Math.Pow(2, Math.Min(_failures, 16)), LongestSeconds);
        _failures++;
        return TimeSpan.FromSeconds(bound * chance());
    }

    public void Reset() => _failures = 0;
}

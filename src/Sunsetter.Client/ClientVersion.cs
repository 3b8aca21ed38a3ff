namespace Sunsetter.Client;

internal static class ClientVersion
{
    /// <summary>As sent to the server; the same as the package's.</summary>
    public static readonly string Number = typeof(ClientVersion).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";
}

namespace Sunsetter.Server.Console.Administration;

/// <summary>The fields of the workspace's form.</summary>
public sealed class WorkspaceForm
{
    public string VendorEn { get; set; } = "";
    public string VendorZh { get; set; } = "";
    public string Zone { get; set; } = "";
    public string Country { get; set; } = "";
    public string PublicUrl { get; set; } = "";
    public string SupportEmail { get; set; } = "";
    public string SupportPhone { get; set; } = "";
}

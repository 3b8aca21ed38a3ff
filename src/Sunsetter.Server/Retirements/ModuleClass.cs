namespace Sunsetter.Server.Retirements;

/// <summary>How much hangs on a module; the notice policy asks it first.</summary>
internal enum ModuleClass
{
    NonCore,
    Core,
    EnterpriseCritical,
}

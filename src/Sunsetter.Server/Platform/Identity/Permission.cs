namespace Sunsetter.Server.Platform;

/// <summary>What somebody may do. Also the scopes of API tokens, by <see cref="Permissions.Scope"/>.</summary>
internal enum Permission
{
    /// <summary>See the console and read the API.</summary>
    Read,

    /// <summary>Edit and import modules, customers and contacts.</summary>
    EditCatalogue,

    /// <summary>Send usage events and import usage.</summary>
    WriteUsage,

    /// <summary>Propose a retirement and work on its evidence and dates.</summary>
    Propose,

    /// <summary>Give a voice from the front line, log calls, answer requests for help.</summary>
    Contribute,

    /// <summary>Approve or reject in the name of one's role.</summary>
    Approve,

    /// <summary>Write and send notices, publish announcements.</summary>
    Announce,

    /// <summary>Confirm that talk tracks are ready, answer on the hotline.</summary>
    Support,

    /// <summary>Follow customers: calls, extensions, incentives, migration runs.</summary>
    Follow,

    /// <summary>Sign off the replacement.</summary>
    SignOff,

    /// <summary>Confirm the closing; close and restore.</summary>
    Close,

    /// <summary>Legal hold, retention, deletion, evidence.</summary>
    Comply,

    /// <summary>Policies, templates, calendars, people, keys, connections.</summary>
    Administer,

    /// <summary>Sees the names of a customer's users.</summary>
    SeeUsers,
}

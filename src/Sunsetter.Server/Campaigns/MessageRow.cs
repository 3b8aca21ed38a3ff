using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Campaigns;

internal enum MessageState
{
    Waiting,
    Sent,
    Failed,

    /// <summary>Overtaken before it was sent: the date moved, or the retirement was called off.</summary>
    Withdrawn,
}

/// <summary>One message to one recipient: due work until it is sent, failed or withdrawn.</summary>
internal sealed class MessageRow
{
    public required Guid Id { get; init; }

    /// <summary>A <see cref="MessageKey"/>; unique.</summary>
    public required string Key { get; init; }
    public required RetirementId Retirement { get; init; }
    public required string Customer { get; init; }
    public required string Step { get; init; }
    public required string Recipient { get; init; }
    public required string Channel { get; init; }
    public required string Address { get; init; }
    public required Letter Letter { get; init; }

    /// <summary>Fixed before the first attempt: a repeat after a crash carries the same.</summary>
    public required string MessageId { get; init; }
    public MessageState State { get; set; }
    public int Attempts { get; set; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset NextAttemptAt { get; set; }

    /// <summary>As <see cref="NextAttemptAt"/>: it was overtaken while somebody was sending it, and is not tried again.</summary>
    public static readonly DateTimeOffset Never = DateTimeOffset.FromUnixTimeSeconds(253_402_300_799);

    public DateTimeOffset LastAttemptAt { get; set; }

    /// <summary>Until then somebody is sending it.</summary>
    public DateTimeOffset LeaseUntil { get; set; }

    /// <summary>Rises with each claim; a result from an older claim is not written.</summary>
    public long Fence { get; set; }
    public DateTimeOffset? EndedAt { get; set; }
    public string? FailureCode { get; set; }
    public string? Failure { get; set; }
    public bool RecipientGone { get; set; }

    /// <summary>When the stage that wanted it had recorded how it ended.</summary>
    public DateTimeOffset? ReportedAt { get; set; }
}

internal sealed class CampaignTables : IStoredTables
{
    public static void Configure(ModelBuilder model)
    {
        model.Entity<MessageRow>().HasKey(row => row.Id);
        model.Entity<MessageRow>().Property(row => row.Letter).StoredAsJson();
    }
}

using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Console;

/// <summary>The facts of the close stage, in sentences.</summary>
internal static class CloseSentences
{
    public static Text? Of(Fact fact, Naming naming) => fact switch
    {
        BackupVerified it => new($"The module's backup was brought back and checked: {it.Evidence}", $"模块备份已恢复验证：{it.Evidence}"),
        ArchiveMade it => new($"An archive of {Text.Many(it.Files, "file")} was made, SHA-256 {it.Sha256}.", $"已生成归档，共 {it.Files} 个文件，SHA-256 {it.Sha256}。"),
        ArchiveVerified it => new($"The archive was read again and every checksum matched, SHA-256 {it.Sha256}.", $"归档已重新读取，校验和全部一致，SHA-256 {it.Sha256}。"),
        LegalHoldPlaced { Customer: { } customer } it => new($"A legal hold was placed on the data of {naming.Customer(customer).En}: {it.Reason}", $"对{naming.Customer(customer).Zh}的数据实施法律保全：{it.Reason}"),
        LegalHoldPlaced it => new($"A legal hold was placed on all data of this retirement: {it.Reason}", $"对本次退役的全部数据实施法律保全：{it.Reason}"),
        LegalHoldLifted it => new($"A legal hold was lifted: {it.Reason}", $"已解除法律保全：{it.Reason}"),
        DataDeleted it => new($"Deleted: {Text.Many(it.Count, "record")} ({Words.English(it.Kind)}); the certificate holds their hash.", $"已删除 {it.Count:N0} 条记录（{Words.Chinese(it.Kind)}），证书载有其哈希值。"),
        ExportRequested it => new($"{it.Contact} asked for the customer's data.", $"{it.Contact} 申请导出客户数据。"),
        ExportFetched it => new($"The export was fetched, SHA-256 {it.Sha256}.", $"数据导出已下载，SHA-256 {it.Sha256}。"),
        _ => null,
    };
}

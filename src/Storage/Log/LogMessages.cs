using Microsoft.Extensions.Logging;

namespace Seamless.Storage.Log;

internal static partial class LogMessages
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "{Segment}: a batch was cut off at byte {Offset} while being written; nothing in it had been acknowledged")]
    public static partial void TailCut(ILogger logger, string segment, long offset);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Segment}: records {First} to {Last} cannot be read, the disk has damaged them; reading goes on behind them")]
    public static partial void Hole(ILogger logger, string segment, long first, long last);

    [LoggerMessage(Level = LogLevel.Error, Message = "Only {FreeBytes} bytes are free at {Directory}; senders wait until there is more than {MinFreeBytes}")]
    public static partial void DiskFull(ILogger logger, string directory, long freeBytes, long minFreeBytes);

    [LoggerMessage(Level = LogLevel.Warning, Message = "There is room at {Directory} again; senders go on")]
    public static partial void DiskHasRoom(ILogger logger, string directory);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The log at {Directory} cannot be written any more; nothing is acknowledged until the platform is restarted")]
    public static partial void Failed(ILogger logger, Exception exception, string directory);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Consumer} could not handle the records after {Sequence} of partition {Partition}; again in {Delay}")]
    public static partial void ConsumerFailed(ILogger logger, Exception exception, string consumer, long sequence, int partition, TimeSpan delay);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Count} segments of partition {Partition} deleted; every consumer has passed them")]
    public static partial void SegmentsDeleted(ILogger logger, int count, int partition);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Consumer}: the disk refused; the checkpoint stays where it was, and the log keeps what comes after it")]
    public static partial void CheckpointNotSaved(ILogger logger, Exception exception, string consumer);
}

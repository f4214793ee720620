namespace Seamless.Storage.Log;

/// <summary>How the log is doing, for readiness checks and the operator.</summary>
public interface ILogHealth
{
    /// <summary>Senders wait because the disk is nearly full.</summary>
    bool WaitsForDisk { get; }

    /// <summary>Why nothing can be written any more; null while all is well.</summary>
    Exception? Failure { get; }

    /// <summary>Entries waiting to be committed.</summary>
    long Queued { get; }

    /// <summary>Disk space that the segments hold.</summary>
    long Bytes { get; }

    /// <summary>A segment was begun, or senders began or ceased to wait for the disk. Raised by the committer: return soon.</summary>
    event Action? SpaceChanged;
}

namespace Seamless.Telemetry.Payloads.Sparkplug;

/// <summary>What a metric's value is; the numbers are Sparkplug's own (3.0 §6.4.16).</summary>
public enum SparkplugType : byte
{
    Unknown = 0,
    Int8 = 1, Int16 = 2, Int32 = 3, Int64 = 4,
    UInt8 = 5, UInt16 = 6, UInt32 = 7, UInt64 = 8,
    Float = 9, Double = 10, Boolean = 11, String = 12, DateTime = 13, Text = 14,
    Uuid = 15, DataSet = 16, Bytes = 17, File = 18, Template = 19, PropertySet = 20, PropertySetList = 21,
    Int8Array = 22, Int16Array = 23, Int32Array = 24, Int64Array = 25,
    UInt8Array = 26, UInt16Array = 27, UInt32Array = 28, UInt64Array = 29,
    FloatArray = 30, DoubleArray = 31, BooleanArray = 32, StringArray = 33, DateTimeArray = 34,
}

/// <summary>Which member of the value's oneof a metric carries.</summary>
public enum SparkplugCarrier : byte { None, Int, Long, Float, Double, Boolean, Text, Bytes, DataSet, Template, Extension }

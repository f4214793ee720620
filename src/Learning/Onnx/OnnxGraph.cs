using System.Runtime.InteropServices;

namespace Seamless.Learning.Onnx;

/// <summary>An ONNX graph as it grows: each operator adds a node and answers the name of its result.</summary>
/// <remarks>Field numbers are those of onnx.proto (IR version 8); operators of ai.onnx 13 and ai.onnx.ml 3.</remarks>
internal sealed class OnnxGraph(string name)
{
    public const string MachineLearning = "ai.onnx.ml";
    private const int IrVersion = 8, CoreVersion = 13, MachineLearningVersion = 3;
    private const int Int64 = 7, Double = 11;

    private readonly ProtoWriter _graph = new();
    private int _names;

    public string Add(string operation, string[] inputs, params ReadOnlySpan<ProtoWriter> attributes) => Add(operation, "", inputs, attributes);

    public string Add(string operation, string domain, string[] inputs, ReadOnlySpan<ProtoWriter> attributes)
    {
        var result = $"{operation.ToLowerInvariant()}_{++_names}";
        Write(operation, domain, inputs, result, attributes);
        return result;
    }

    /// <summary>Gives a result the name by which it is asked for.</summary>
    public void Output(string name, string result)
    {
        Write("Identity", "", [result], name, []);
        _graph.Message(12, Value(name, 1));
    }

    public void Input(string name, int columns) => _graph.Message(11, Value(name, columns));

    public string Constant(double value) => Constant([value], 1, 1);

    /// <summary>A row or a matrix of numbers.</summary>
    public string Constant(ReadOnlySpan<double> values, params ReadOnlySpan<long> shape)
    {
        var constant = $"constant_{++_names}";
        _graph.Message(5, Tensor(values, shape).Text(8, constant));
        return constant;
    }

    public string Indices(long[] values)
    {
        var constant = $"constant_{++_names}";
        _graph.Message(5, Tensor(Int64, MemoryMarshal.AsBytes<long>(values), [values.Length]).Text(8, constant));
        return constant;
    }

    public byte[] Model(IEnumerable<(string Key, string Value)> metadata)
    {
        _graph.Text(2, name);
        var model = new ProtoWriter().Number(1, IrVersion).Text(2, "seamless").Text(3, Models.ModelCard.CodeVersion).Message(7, _graph)
            .Message(8, new ProtoWriter().Text(1, "").Number(2, CoreVersion))
            .Message(8, new ProtoWriter().Text(1, MachineLearning).Number(2, MachineLearningVersion));
        foreach (var (key, value) in metadata) model.Message(14, new ProtoWriter().Text(1, key).Text(2, value));
        return model.ToArray();
    }

    public static ProtoWriter Attribute(string name, long value) => new ProtoWriter().Text(1, name).Number(20, 2).Number(3, value);
    public static ProtoWriter Attribute(string name, string value) => new ProtoWriter().Text(1, name).Number(20, 3).Text(4, value);
    public static ProtoWriter Attribute(string name, ReadOnlySpan<double> values) => new ProtoWriter().Text(1, name).Number(20, 4).Message(5, Tensor(values, values.Length));
    public static ProtoWriter Attribute(string name, IEnumerable<long> values) => new ProtoWriter().Text(1, name).Number(20, 7).Numbers(8, values);

    public static ProtoWriter Attribute(string name, IEnumerable<string> values)
    {
        var attribute = new ProtoWriter().Text(1, name).Number(20, 8);
        foreach (var value in values) attribute.Text(9, value);
        return attribute;
    }

    private void Write(string operation, string domain, string[] inputs, string result, ReadOnlySpan<ProtoWriter> attributes)
    {
        var node = new ProtoWriter();
        foreach (var input in inputs) node.Text(1, input);
        node.Text(2, result).Text(3, result).Text(4, operation);
        foreach (var attribute in attributes) node.Message(5, attribute);
        if (domain.Length > 0) node.Text(7, domain);
        _graph.Message(1, node);
    }

    /// <summary>As many rows as there are, so many columns, of doubles.</summary>
    private static ProtoWriter Value(string name, int columns)
    {
        var shape = new ProtoWriter().Message(1, new ProtoWriter().Text(2, "rows")).Message(1, new ProtoWriter().Number(1, columns));
        return new ProtoWriter().Text(1, name).Message(2, new ProtoWriter().Message(1, new ProtoWriter().Number(1, Double).Message(2, shape)));
    }

    private static ProtoWriter Tensor(ReadOnlySpan<double> values, params ReadOnlySpan<long> shape) => Tensor(Double, MemoryMarshal.AsBytes(values), shape);

    private static ProtoWriter Tensor(int type, ReadOnlySpan<byte> raw, ReadOnlySpan<long> shape)
    {
        var tensor = new ProtoWriter();
        foreach (var length in shape) tensor.Number(1, length);
        return tensor.Number(2, type).Bytes(9, raw);
    }
}

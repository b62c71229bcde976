using System.Collections.Immutable;
using StreamSegmenter.Hocon.Syntax;

namespace StreamSegmenter.Hocon.Merging;

/// <summary>
/// Turns the syntax trees of a document and of its includes into one tree of cells: keys that are paths become
/// objects, repeated keys become layers, substitutions learn where to look.
/// </summary>
internal sealed class DocumentBuilder
{
    private readonly IncludeLoader _includes;
    private readonly int _maxDepth;

    private DocumentBuilder(HoconReaderOptions options)
    {
        _includes = new IncludeLoader(options);
        _maxDepth = options.Limits.MaxDepth;
    }

    /// <summary>The document in a file, or null when there is no such file.</summary>
    public static Cell? Load(string path, HoconReaderOptions options)
    {
        var builder = new DocumentBuilder(options);
        return builder._includes.Load(path) is { } file ? builder.BuildRoot(file) : null;
    }

    /// <summary>The document in a text.</summary>
    public static Cell Parse(string text, string source, HoconReaderOptions options)
    {
        var root = Parser.Parse(text, source, options.Limits);
        return new DocumentBuilder(options).BuildRoot(new SourceFile(source, root));
    }

    private Cell BuildRoot(SourceFile file)
    {
        var cell = new Cell(file.Root.Origin);
        var root = new Scope(new Target(null, HoconPath.Root), [new Target(null, HoconPath.Root)], file.Path);
        using (_includes.Enter(file.Path, file.Root.Origin))
        {
            cell.Push(Build(file.Root, root));
        }
        return cell;
    }

    private Layer Build(SyntaxNode node, Scope scope) =>
        node switch
        {
            LiteralSyntax literal => new LiteralLayer(literal.Value),
            ObjectSyntax o => BuildObject(o, scope),
            ArraySyntax array => new ArrayLayer(array.Origin, [.. array.Elements.Select(e => BuildElement(e, scope))]),
            SubstitutionSyntax substitution => BuildSubstitution(substitution, scope),
            ConcatenationSyntax c => new ConcatenationLayer(c.Origin, [.. c.Pieces.Select(p => Build(p, scope))]),
            WhitespaceSyntax space => new WhitespaceLayer(space.Value),
            _ => throw new InvalidOperationException($"unknown syntax {node.GetType().Name}"),
        };

    private Cell BuildElement(SyntaxNode node, Scope scope)
    {
        var cell = new Cell(node.Origin);
        cell.Push(Build(node, scope with { Here = new Target(cell, HoconPath.Root) }));
        return cell;
    }

    private static SubstitutionLayer BuildSubstitution(SubstitutionSyntax node, Scope scope)
    {
        var targets = scope.Files.Select(file => file.Append(node.Path)).ToImmutableArray();
        return new SubstitutionLayer(node.Origin, node.Path, node.Optional, targets, fallsBackToEnvironment: true);
    }

    private ObjectLayer BuildObject(ObjectSyntax node, Scope scope)
    {
        var layer = new ObjectLayer(node.Origin);
        foreach (var member in node.Members)
        {
            if (member is FieldSyntax field)
            {
                Define(layer, field, scope);
            }
            else
            {
                Include(layer, (IncludeSyntax)member, scope);
            }
        }
        return layer;
    }

    private void Define(ObjectLayer layer, FieldSyntax field, Scope scope)
    {
        var here = scope.Here.Append(field.Path);
        if (here.Path.Keys.Length > _maxDepth)
        {
            throw new HoconException(field.Origin, $"keys are nested more than {_maxDepth} deep");
        }
        var value = field.Appends ? BuildAppending(field, scope, here) : Build(field.Value, scope with { Here = here });
        layer.Define(field.Path.Keys.AsSpan(), field.Origin, value);
    }

    /// <summary><c>a += b</c> is <c>a = ${?a} [b]</c>, where the substitution means this very field.</summary>
    private ConcatenationLayer BuildAppending(FieldSyntax field, Scope scope, Target here)
    {
        var previous = new SubstitutionLayer(field.Origin, here.Path, true, [here], fallsBackToEnvironment: false);
        var appended = new ArrayLayer(field.Value.Origin, [BuildElement(field.Value, scope)]);
        return new ConcatenationLayer(field.Origin, [previous, appended]);
    }

    private void Include(ObjectLayer layer, IncludeSyntax include, Scope scope)
    {
        foreach (var file in _includes.Load(include, scope.File))
        {
            using (_includes.Enter(file.Path, include.Origin))
            {
                if (file.Root is not ObjectSyntax root)
                {
                    throw new HoconException(
                        include.Origin,
                        $"the included file {file.Path} holds an array; only an object can be included"
                    );
                }
                layer.Absorb(BuildObject(root, scope.Entering(file.Path)));
            }
        }
    }

    /// <summary>Where the builder is.</summary>
    /// <param name="Here">The place of the value being built.</param>
    /// <param name="Files">The places of the files around it, innermost first; substitutions start there.</param>
    /// <param name="File">The file being read.</param>
    private readonly record struct Scope(Target Here, ImmutableArray<Target> Files, string File)
    {
        public Scope Entering(string file) =>
            this with
            {
                File = file,
                Files = Files.Contains(Here) ? Files : Files.Insert(0, Here),
            };
    }
}

// Package berth keeps ships apart.
package berth

import "errors"

// ErrFull says that no place is left.
var ErrFull = errors.New("full")

// Moorer can take a ship.
type Moorer interface {
	Moor(name string) error
	FreePlaces() int
}

// Pier is a row of places for ships.
type Pier struct {
	places []string
	size   int
}

// NewPier makes a pier of so many places.
func NewPier(size int) *Pier {
	return &Pier{size: size}
}

// Moor takes the next free place.
func (p *Pier) Moor(name string) error {
	if p.FreePlaces() == 0 {
		return ErrFull
	}
	p.places = append(p.places, name)
	return nil
}

// FreePlaces counts what is left.
func (p *Pier) FreePlaces() int {
	return p.size - len(p.places)
}

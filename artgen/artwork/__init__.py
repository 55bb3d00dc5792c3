"""artwork"""
